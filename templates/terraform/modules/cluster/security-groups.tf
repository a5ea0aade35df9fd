# Beside the group that EKS makes for the control plane and its nodes: where further rules for the API server belong.
resource "aws_security_group" "cluster" {
  name        = "${var.cluster_name}-cluster"
  description = "Control plane of ${var.cluster_name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.cluster_name}-cluster" }
}

# Where people and programs outside of the cluster reach the private address of the API server from.
resource "aws_vpc_security_group_ingress_rule" "api" {
  for_each = toset(var.private_access_cidrs)

  security_group_id = aws_security_group.cluster.id
  description       = "API server"
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Karpenter gives its nodes the groups with this tag: the one that EKS made.
resource "aws_ec2_tag" "karpenter" {
  resource_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  key         = "karpenter.sh/discovery"
  value       = var.cluster_name
}
