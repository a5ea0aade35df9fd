variable "cluster_name" {
  description = "The name of the EKS cluster; starts the names of the queue and the rules."
  type        = string
}
