output "cluster_name" {
  description = "The EKS name of the cluster, known once its node group and add-ons are there."
  value       = aws_eks_cluster.this.name
  depends_on  = [aws_eks_addon.coredns]
}

output "security_group_id" {
  description = "The security group that EKS made for the control plane and the nodes."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}
