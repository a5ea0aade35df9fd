output "cluster_role_arn" {
  description = "The role of the control plane, known once it has its policy."
  value       = aws_iam_role.cluster.arn
  depends_on  = [aws_iam_role_policy_attachment.cluster]
}

output "node_role_arn" {
  description = "The role of the nodes, known once it has its policies."
  value       = aws_iam_role.node.arn
  depends_on  = [aws_iam_role_policy_attachment.node]
}
