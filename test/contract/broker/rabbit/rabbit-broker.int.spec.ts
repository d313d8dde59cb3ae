import { freshVhost } from '../../../support/servers.mjs';
import { laneContract } from '../stage/lane-suite.js';
import { messageContract } from '../stage/message-suite.js';
import { offersPlugin } from '../stage/offers-plugin.js';
import { setRabbitStage } from '../stage/rabbit-stage.js';
import { brokerContract } from '../stage/suite.js';

const drivers = (await offersPlugin()) ? (['ladder', 'plugin'] as const) : (['ladder'] as const);

for (const driver of drivers) {
  brokerContract(`broker on RabbitMQ with the ${driver}`, async () => setRabbitStage(await freshVhost(), driver));
}

laneContract('broker on RabbitMQ', async () => setRabbitStage(await freshVhost(), 'ladder'));
messageContract('broker on RabbitMQ', async () => setRabbitStage(await freshVhost(), 'ladder'));
