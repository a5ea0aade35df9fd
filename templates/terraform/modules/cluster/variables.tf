variable "cluster_name" {
  description = "The name of the EKS cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "The minor version of Kubernetes."
  type        = string
}

variable "vpc_id" {
  description = "The VPC of the cluster."
  type        = string
}

variable "subnet_ids" {
  description = "The subnets of the control plane's addresses and of the nodes, in two zones or more."
  type        = list(string)
}

variable "cluster_role_arn" {
  description = "The role of the control plane."
  type        = string
}

variable "node_role_arn" {
  description = "The role of the nodes."
  type        = string
}

variable "endpoint_public_access" {
  description = "Whether the API server can be reached from outside the VPC."
  type        = bool
}

variable "endpoint_public_access_cidrs" {
  description = "From where the public address of the API server answers."
  type        = list(string)
}

variable "private_access_cidrs" {
  description = "From where, beside the cluster itself, the private address of the API server answers."
  type        = list(string)
}

variable "node_instance_type" {
  description = "The instance type of the nodes."
  type        = string
}

variable "node_count" {
  description = "How many nodes there are at least."
  type        = number
}

variable "node_count_max" {
  description = "How many nodes there may be."
  type        = number
}

variable "node_disk_gib" {
  description = "The size of each node's disk, in GiB."
  type        = number
}

variable "nodes_for_controllers_only" {
  description = "Whether the nodes are tainted CriticalAddonsOnly."
  type        = bool
}
