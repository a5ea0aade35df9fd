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

variable "create_vpc" {
  description = "Whether the recovery gets a VPC of its own. Otherwise one that is there already is looked up by vpc_tags."
  type        = bool
  default     = true
}

variable "vpc_tags" {
  description = "The tags by which a VPC that is there already, and its subnets, are found. Private subnets also need kubernetes.io/role/internal-elb = 1."
  type        = map(string)
  default     = {}

  validation {
    condition     = var.create_vpc || length(var.vpc_tags) > 0
    error_message = "Must name at least one tag where create_vpc is false."
  }
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

variable "endpoint_private_access_cidrs" {
  description = "From where in connected networks the private address of the API server answers."
  type        = list(string)
  default     = []
}

variable "permissions_boundary" {
  description = "The ARN of the permissions boundary that IAM roles must have, where there is one."
  type        = string
  default     = null
}

variable "node_instance_type" {
  description = "The instance type of the managed node group."
  type        = string
  default     = "m7i.2xlarge"
}

variable "node_count" {
  description = "How many nodes the managed node group starts with, and has at least. The controllers need two."
  type        = number
  default     = 3

  validation {
    condition     = var.node_count >= 2
    error_message = "Must be 2 or more: the controllers run in pairs."
  }
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

variable "nodes_for_controllers_only" {
  description = "Whether the nodes of the managed node group are tainted CriticalAddonsOnly, so that services wait for Karpenter's."
  type        = bool
  default     = false
}
