variable "cluster_name" {
  description = "The name of the EKS cluster; starts the names of everything made here."
  type        = string
}

variable "create" {
  description = "Whether a VPC is made. Otherwise one is looked up by its tags."
  type        = bool
}

variable "find_by_tags" {
  description = "The tags of the VPC and of its subnets, where none is made."
  type        = map(string)
}

variable "cidr" {
  description = "The address range of a VPC made here, /16 to /20."
  type        = string
}

variable "availability_zones" {
  description = "In how many availability zones a VPC made here has subnets."
  type        = number
}

variable "nat_per_zone" {
  description = "Whether each zone of a VPC made here has its own NAT gateway."
  type        = bool
}
