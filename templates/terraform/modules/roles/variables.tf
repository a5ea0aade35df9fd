variable "cluster_name" {
  description = "The name of the EKS cluster; starts the names of the roles."
  type        = string
}

variable "permissions_boundary" {
  description = "The permissions boundary of the roles, or null."
  type        = string
}
