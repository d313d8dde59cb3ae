/** One call of RabbitMQ's management API; throws on anything but success. The URL carries the credentials. */
export async function callApi(apiUrl, method, path, body) {
  const url = new URL(path, apiUrl);
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`Expected ${method} ${path} to succeed, but it answered ${response.status}: ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Where the management API of a given broker is by convention, or null when it does not answer there. */
export async function findApi(brokerUrl) {
  const { hostname, username, password } = new URL(brokerUrl);
  const apiUrl = `http://${username || 'guest'}:${password || 'guest'}@${hostname}:15672`;
  try {
    await callApi(apiUrl, 'GET', '/api/overview');
    return apiUrl;
  } catch {
    return null;
  }
}
