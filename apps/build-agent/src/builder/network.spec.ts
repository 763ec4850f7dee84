import { policiesWith, stepNetwork } from './network.js';

const proxy = 'http://10.0.0.5:3128';
const unsupported = expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', infrastructure: true });

describe('the network of steps', () => {
  it('is none with every agent', () => {
    expect(stepNetwork('none', undefined)).toEqual({ networkMode: 'none', buildArgs: {} });
    expect(stepNetwork('none', proxy)).toEqual({ networkMode: 'none', buildArgs: {} });
  });

  it('is open with an agent whose engine is', () =>
    expect(stepNetwork('full', undefined)).toEqual({ networkMode: undefined, buildArgs: {} }));

  it('is told the proxy, where the engine lets nothing else through', () =>
    expect(stepNetwork('proxy', proxy)).toEqual({
      networkMode: undefined,
      buildArgs: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    }));

  it('is left to another agent where the engine can only do something else', () => {
    expect(() => stepNetwork('proxy', undefined)).toThrow(unsupported);
    expect(() => stepNetwork('full', proxy)).toThrow(unsupported);
  });

  it('is advertised as it is held', () => {
    expect(policiesWith(undefined)).toEqual(['none', 'full']);
    expect(policiesWith(proxy)).toEqual(['none', 'proxy']);
  });
});
