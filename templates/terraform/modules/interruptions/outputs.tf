output "queue_name" {
  description = "The name of the queue, known once events reach it."
  value       = aws_sqs_queue.this.name
  depends_on  = [aws_cloudwatch_event_target.this, aws_sqs_queue_policy.this]
}
