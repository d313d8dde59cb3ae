/** Whether the broker lists the delayed exchange among its types; asked of the management API, where there is one. */
export async function offersPlugin(): Promise<boolean> {
  const api = process.env.SLUICE_TEST_BROKER_API_URL;
  if (!api) return false;
  const url = new URL('/api/overview', api);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const overview = (await (await fetch(url, { headers: { authorization } })).json()) as {
    exchange_types: { name: string }[];
  };
  return overview.exchange_types.some(({ name }) => name === 'x-delayed-message');
}
