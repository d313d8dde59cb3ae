import { openMemory } from './opened.js';
import { describeStorage } from './suites.js';

describeStorage('memory', openMemory);
