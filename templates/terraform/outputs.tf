output "cluster_name" {
  description = "The EKS name of the cluster, known once its node group and CoreDNS are there."
  value       = module.cluster.cluster_name
}

output "region" {
  description = "The region of the cluster."
  value       = var.region
}

output "vpc_id" {
  description = "The VPC of the cluster."
  value       = module.network.vpc_id
}

output "private_subnet_ids" {
  description = "Where nodes and internal load balancers live."
  value       = module.network.private_subnet_ids
}

output "node_role_arn" {
  description = "The role of the nodes, such as for Karpenter."
  value       = module.roles.node_role_arn
}

output "cluster_security_group_id" {
  description = "The security group that EKS made for the control plane and the nodes."
  value       = module.cluster.security_group_id
}

output "karpenter_interruption_queue" {
  description = "The SQS queue that tells Karpenter which instances are about to go."
  value       = module.interruptions.queue_name
}
