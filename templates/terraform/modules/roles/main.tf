data "aws_partition" "current" {}

data "aws_iam_policy_document" "cluster_trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "node_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

locals {
  policies = "arn:${data.aws_partition.current.partition}:iam::aws:policy"

  # IAM allows 64 characters for a role's name and 38 for the part before a generated end; a cluster's name may be longer.
  cluster_role_prefix = "${substr(var.cluster_name, 0, 29)}-cluster-"
  node_role_prefix    = "${substr(var.cluster_name, 0, 32)}-node-"
}

resource "aws_iam_role" "cluster" {
  name_prefix        = local.cluster_role_prefix
  description        = "EKS control plane of ${var.cluster_name}"
  assume_role_policy = data.aws_iam_policy_document.cluster_trust.json

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "${local.policies}/AmazonEKSClusterPolicy"
}

resource "aws_iam_role" "node" {
  name_prefix        = local.node_role_prefix
  description        = "Nodes of ${var.cluster_name}"
  assume_role_policy = data.aws_iam_policy_document.node_trust.json

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
  ])

  role       = aws_iam_role.node.name
  policy_arn = "${local.policies}/${each.key}"
}
