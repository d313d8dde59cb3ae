import { freshVhost } from '../../support/servers.mjs';
import { setRabbitStage } from './rabbit-stage.js';
import { brokerContract } from './suite.js';

brokerContract('broker on RabbitMQ', async () => setRabbitStage(await freshVhost()));
