# A network that is there already, found by its tags. It must have the tags by which load balancers and Karpenter find subnets.
data "aws_vpc" "found" {
  count = var.create ? 0 : 1

  tags = var.find_by_tags
}

data "aws_subnets" "found" {
  count = var.create ? 0 : 1

  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.found[0].id]
  }

  tags = merge(var.find_by_tags, { "kubernetes.io/role/internal-elb" = "1" })
}
