output "cluster_name" {
  description = "The EKS name of the cluster, known once its node group and CoreDNS are there."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_addon.coredns]
}

output "region" {
  description = "The region of the cluster."
  value       = var.region
}

output "vpc_id" {
  description = "The VPC of the cluster."
  value       = aws_vpc.this.id
}

output "private_subnet_ids" {
  description = "Where nodes and internal load balancers live."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "node_role_arn" {
  description = "The role of the nodes, such as for Karpenter."
  value       = aws_iam_role.node.arn
}

output "cluster_security_group_id" {
  description = "The security group that EKS made for the control plane and the nodes."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}
