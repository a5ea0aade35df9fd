variable "cluster_name" {
  description = "The name of the EKS cluster. EKS-DR makes it from the estate's name and the id of the run."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "Must be 1 to 100 letters, digits, - and _, starting with a letter or digit."
  }
}

variable "region" {
  description = "The AWS region to recover to."
  type        = string
}

variable "kubernetes_version" {
  description = "The minor version of Kubernetes, such as 1.33."
  type        = string
}

variable "tags" {
  description = "Tags for everything that can be tagged."
  type        = map(string)
}

variable "vpc_cidr" {
  description = "The address range of the VPC, /16 to /20."
  type        = string
  default     = "10.40.0.0/16"
}

variable "availability_zones" {
  description = "In how many availability zones the cluster has subnets and nodes."
  type        = number
  default     = 3

  validation {
    condition     = var.availability_zones >= 2 && var.availability_zones <= 4
    error_message = "Must be 2 to 4."
  }
}

variable "nat_per_zone" {
  description = "Whether each zone has its own NAT gateway. Drills do with one."
  type        = bool
  default     = false
}

variable "endpoint_public_access" {
  description = "Whether the API server can be reached from outside the VPC. Whoever runs EKS-DR, and Argo CD, must reach it."
  type        = bool
  default     = true
}

variable "endpoint_public_access_cidrs" {
  description = "From where the public address of the API server answers."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "node_instance_type" {
  description = "The instance type of the managed node group."
  type        = string
  default     = "m7i.2xlarge"
}

variable "node_count" {
  description = "How many nodes the managed node group starts with, and has at least."
  type        = number
  default     = 3
}

variable "node_count_max" {
  description = "How many nodes the managed node group may grow to."
  type        = number
  default     = 12
}

variable "node_disk_gib" {
  description = "The size of each node's disk, in GiB."
  type        = number
  default     = 100
}
