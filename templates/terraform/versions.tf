terraform {
  # 1.10 is the first release whose S3 backend locks by a file in the bucket.
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  # The arguments come from terraform.backend of the estate: one state per recovery, never in the primary region.
  backend "s3" {}
}

provider "aws" {
  region = var.region

  # EKS-DR tells its own objects from all others by these tags.
  default_tags {
    tags = var.tags
  }
}
