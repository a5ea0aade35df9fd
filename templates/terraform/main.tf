module "network" {
  source = "./modules/network"

  cluster_name       = var.cluster_name
  create             = var.create_vpc
  find_by_tags       = var.vpc_tags
  cidr               = var.vpc_cidr
  availability_zones = var.availability_zones
  nat_per_zone       = var.nat_per_zone
}

module "roles" {
  source = "./modules/roles"

  cluster_name         = var.cluster_name
  permissions_boundary = var.permissions_boundary
}

module "cluster" {
  source = "./modules/cluster"

  cluster_name                 = var.cluster_name
  kubernetes_version           = var.kubernetes_version
  vpc_id                       = module.network.vpc_id
  subnet_ids                   = module.network.private_subnet_ids
  cluster_role_arn             = module.roles.cluster_role_arn
  node_role_arn                = module.roles.node_role_arn
  endpoint_public_access       = var.endpoint_public_access
  endpoint_public_access_cidrs = var.endpoint_public_access_cidrs
  private_access_cidrs         = var.endpoint_private_access_cidrs
  node_instance_type           = var.node_instance_type
  node_count                   = var.node_count
  node_count_max               = var.node_count_max
  node_disk_gib                = var.node_disk_gib
  nodes_for_controllers_only   = var.nodes_for_controllers_only
}

module "interruptions" {
  source = "./modules/interruptions"

  cluster_name = var.cluster_name
}
