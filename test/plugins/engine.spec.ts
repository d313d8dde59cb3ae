import { describeKinds } from './suite.js';

describeKinds('kinds of plugins, on the embedded engine', async () => ({}));
