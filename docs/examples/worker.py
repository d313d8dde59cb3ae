"""A remote worker: python3 worker.py AMQP_URL TASK. Needs pika (Debian: python3-pika)."""
import json, sys, time
import pika

url, task = sys.argv[1:3]
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.confirm_delivery()
channel.queue_declare(f'sluice.task.{task}', durable=True, arguments={'x-queue-type': 'quorum'})
channel.basic_qos(prefetch_count=10)

def verify(order):  # the work; a permanent failure carries a code that flows can match
    if not isinstance(order.get('loanId'), str):
        return {'type': 'error', 'code': 'BAD_INPUT', 'message': 'Expected a loanId, but there is none.', 'permanent': True}
    return {'type': 'ok', 'output': {'pass': True, 'loanId': order['loanId']}}

def on_task(_, method, properties, body):
    order, began = json.loads(body), time.monotonic()
    reply = {'idempotencyKey': order['idempotencyKey'], **verify(order['input'])}
    reply['tookMs'] = int((time.monotonic() - began) * 1000)
    about = pika.BasicProperties(correlation_id=properties.correlation_id, content_type='application/json', delivery_mode=2)
    channel.basic_publish('', properties.reply_to, json.dumps(reply), about)
    channel.basic_ack(method.delivery_tag)  # only after the answer is confirmed: killed before, the task comes again

channel.basic_consume(f'sluice.task.{task}', on_task)
channel.start_consuming()
