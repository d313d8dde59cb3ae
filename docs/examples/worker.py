"""A remote worker: python3 worker.py AMQP_URL TASK. Needs pika (Debian: python3-pika)."""
import json, sys, time
import pika

url, task = sys.argv[1:3]
channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
channel.confirm_delivery()
channel.queue_declare(f'sluice.task.{task}', durable=True, arguments={'x-queue-type': 'quorum'})
channel.basic_qos(prefetch_count=10)

def verify(loan):  # the work; a failure for good carries a code that flows can match
    if not isinstance(loan.get('loanId'), str):
        return {'type': 'error', 'code': 'BAD_INPUT', 'message': 'Expected a loanId.', 'permanent': True}
    return {'type': 'ok', 'output': {'pass': True, 'loanId': loan['loanId']}}

def on_task(_, method, properties, body):
    began = time.monotonic()
    try:
        order = json.loads(body)
        reply = {'idempotencyKey': order['idempotencyKey'], **verify(order['input'])}
    except (ValueError, TypeError, KeyError, AttributeError):  # no task at all: not again, please
        return channel.basic_reject(method.delivery_tag, requeue=False)
    reply['tookMs'] = int((time.monotonic() - began) * 1000)
    about = pika.BasicProperties('application/json', delivery_mode=2, correlation_id=properties.correlation_id)
    channel.basic_publish('', properties.reply_to, json.dumps(reply), about)
    channel.basic_ack(method.delivery_tag)  # after the answer is confirmed: who is killed before gets it again

channel.basic_consume(f'sluice.task.{task}', on_task)
channel.start_consuming()
