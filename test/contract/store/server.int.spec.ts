import { openServer } from './opened.js';
import { describeStorage } from './suites.js';

describeStorage('server', openServer);
