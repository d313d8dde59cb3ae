import { RabbitBroker } from '../../src/broker/rabbit-broker.js';
import { openServer, QuietLog } from '../contract/store/opened.js';
import { togetherOn } from '../support/engine/together.js';
import { freshVhost } from '../support/servers.mjs';

togetherOn('on servers', async () => {
  const [opened, place] = await Promise.all([openServer(), freshVhost()]);
  const broker = new RabbitBroker({ url: place.url, prefix: place.prefix, delay: 'ladder' }, new QuietLog());
  const close = async (): Promise<void> => {
    await opened.close();
    await place.drop();
  };
  return { opened: { ...opened, close }, broker };
});
