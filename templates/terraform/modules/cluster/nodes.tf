# The nodes of the controllers; Karpenter brings the others.
resource "aws_eks_node_group" "base" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "base"
  node_role_arn   = var.node_role_arn
  subnet_ids      = var.subnet_ids
  instance_types  = [var.node_instance_type]
  disk_size       = var.node_disk_gib
  ami_type        = "AL2023_x86_64_STANDARD"

  scaling_config {
    desired_size = var.node_count
    min_size     = var.node_count
    max_size     = max(var.node_count, var.node_count_max)
  }

  update_config {
    max_unavailable = 1
  }

  dynamic "taint" {
    for_each = var.nodes_for_controllers_only ? [1] : []

    content {
      key    = "CriticalAddonsOnly"
      value  = "true"
      effect = "NO_SCHEDULE"
    }
  }

  lifecycle {
    # An autoscaler moves it: that is no drift.
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_eks_addon.before_nodes]
}
