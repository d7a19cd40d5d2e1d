import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { drawBrowser } from '../../deploy/crowd/browsers.ts';
import { drawInput } from '../../deploy/crowd/input.ts';
import { seededRandom } from '../../deploy/crowd/random.ts';
import { deviceSchema, inputSummarySchema } from '../../shared/device.ts';
import type { DeviceEvidence } from './evidence.ts';
import { judgeDevice } from './judge-device.ts';

const quiet: DeviceEvidence = {
  device: null,
  input: null,
  request: {
    headers: new Map(),
    network: '10.0.0.1',
    asn: 7922,
    asOrganization: 'Comcast',
    country: null,
    httpProtocol: 'HTTP/2',
    botManagement: null,
  },
  facts: {
    ...{ accountsOfDevice: 1, networksOfDevice: 1, accountsOfHardware: 1, accountsOfInput: 1 },
    ...{ accountsOfNetwork: 1, devicesOfUser: 1, systemsOfUser: 1, accountsAll: 1 },
  },
  pageAgeMs: 5_000,
  level: 'ordinary',
  now: 0,
};

describe("people's browsers", () => {
  const random = seededRandom(7);
  const people = Array.from({ length: 200 }, () => {
    const { device, headers, hasMouse } = drawBrowser(random);
    const sent = new Map(Object.entries({ ...headers, origin: 'https://shop.example' }));
    const input = drawInput(random, { hasMouse, dwellMs: 20_000 });
    return { ...quiet, device, input, request: { ...quiet.request, headers: sent } };
  });

  it('hit no rule', () => {
    for (const person of people) expect(judgeDevice(person).hits).toEqual([]);
  });

  it('pass as well when the collector is blocked', () => {
    for (const person of people) {
      const { score } = judgeDevice({ ...person, device: null, input: null });
      expect(score).toBeLessThan(40);
    }
  });

  it('pass as well through a tunnel that comes out elsewhere', () => {
    for (const person of people) {
      const request = { ...person.request, country: 'ZA' };
      expect(judgeDevice({ ...person, request }).score).toBeLessThan(40);
    }
  });
});

describe('whatever a stranger sends', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 60, unit: 'binary' }),
    fc.constantFrom('Mozilla/5.0 (Windows NT 10.0) Chrome/', 'Chromium', 'Not A Brand', '"";v=""'),
  );
  const number = fc.oneof(fc.nat(), fc.double({ noNaN: true }), fc.constant(-1));
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      text,
      number,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 5 }),
    ),
  })).any;
  const fields = Object.keys(deviceSchema.entries);
  const template = drawBrowser(seededRandom(1)).device;

  it('is refused by the schema or judged: it never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), value, text, (field, told, header) => {
        const parsed = v.safeParse(deviceSchema, { ...template, [field]: told });
        const device = parsed.success ? parsed.output : null;
        const names = ['user-agent', 'sec-ch-ua', 'accept-language', 'origin'];
        const sent = new Map(names.map((name) => [name, header]));
        const request = {
          ...quiet.request,
          headers: sent,
          asOrganization: header,
          country: header,
        };
        const { score } = judgeDevice({ ...quiet, device, request });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is an input summary of bounded numbers, or none', () => {
    const pointer = fc.dictionary(fc.constantFrom('moves', 'v_cv', 'dt_cv', 'int_share'), number);
    const input = drawInput(seededRandom(1), { hasMouse: true, dwellMs: 9_000 });
    fc.assert(
      fc.property(pointer, number, (changed, dwell) => {
        const told = { ...input, pointer: { ...input.pointer, ...changed }, dwell_ms: dwell };
        const parsed = v.safeParse(inputSummarySchema, told);
        const judged = judgeDevice({ ...quiet, input: parsed.success ? parsed.output : null });
        expect(judged.score).toBeLessThanOrEqual(100);
      }),
    );
  });
});
