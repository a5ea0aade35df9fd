# Karpenter reads here which instances are about to go, and replaces them before they do.
locals {
  # EventBridge and SQS allow 64 and 80 characters.
  prefix = substr(var.cluster_name, 0, 44)

  events = {
    spot         = { source = "aws.ec2", type = "EC2 Spot Instance Interruption Warning" }
    rebalance    = { source = "aws.ec2", type = "EC2 Instance Rebalance Recommendation" }
    state-change = { source = "aws.ec2", type = "EC2 Instance State-change Notification" }
    health       = { source = "aws.health", type = "AWS Health Event" }
  }
}

resource "aws_sqs_queue" "this" {
  name = "${local.prefix}-interruptions"

  # A warning of five minutes ago is about an instance that is gone.
  message_retention_seconds = 300
  sqs_managed_sse_enabled   = true
}

data "aws_iam_policy_document" "queue" {
  statement {
    sid       = "EventsToQueue"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.this.arn]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "sqs.amazonaws.com"]
    }
  }

  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.this.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  queue_url = aws_sqs_queue.this.url
  policy    = data.aws_iam_policy_document.queue.json
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.events

  name          = "${local.prefix}-${each.key}"
  description   = "${each.value.type}, for Karpenter on ${var.cluster_name}"
  event_pattern = jsonencode({ source = [each.value.source], "detail-type" = [each.value.type] })
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.events

  rule      = aws_cloudwatch_event_rule.this[each.key].name
  target_id = "karpenter"
  arn       = aws_sqs_queue.this.arn
}
