output "vpc_id" {
  description = "The VPC."
  value       = var.create ? aws_vpc.this[0].id : data.aws_vpc.found[0].id
}

output "private_subnet_ids" {
  description = "Where nodes and internal load balancers live. Known once nodes in them reach the internet."
  value       = var.create ? [for zone in local.zones : aws_subnet.private[zone].id] : data.aws_subnets.found[0].ids
  depends_on  = [aws_route_table_association.private, aws_route_table_association.public]
}
