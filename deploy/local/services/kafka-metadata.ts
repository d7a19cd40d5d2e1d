import { connect } from 'node:net';

/** Kafka protocol guide: api key 3 is Metadata; version 4 is known to every broker since 0.11. */
const METADATA = 3;
const VERSION = 4;
const CLIENT_ID = 'local-services';

/**
 * Asks one broker for the cluster's brokers and answers how many there are; 0 while a broker is
 * up that has not joined its cluster yet.
 */
export function countBrokers(broker: {
  host: string;
  port: number;
  withinMs: number;
}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: broker.host, port: broker.port, timeout: broker.withinMs });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new Error(`${broker.host}:${broker.port}: ${reason}`));
    };
    let answer = Buffer.alloc(0);
    socket.once('connect', () => socket.write(metadataRequest()));
    socket.once('error', (error) => fail(error.message));
    socket.once('timeout', () => fail('no answer to a metadata request'));
    socket.once('end', () => fail('hung up'));
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      // Size, correlation id and throttle time stand before the length of the list of brokers.
      if (answer.length < 16) return;
      socket.destroy();
      resolve(answer.readInt32BE(12));
    });
  });
}

/** For no topic at all: the answer holds the brokers only. */
function metadataRequest(): Buffer {
  const header = Buffer.alloc(14);
  header.writeInt16BE(METADATA, 4);
  header.writeInt16BE(VERSION, 6);
  header.writeInt16BE(CLIENT_ID.length, 12);
  const noTopics = Buffer.alloc(4);
  const createNone = Buffer.alloc(1);
  const request = Buffer.concat([header, Buffer.from(CLIENT_ID), noTopics, createNone]);
  request.writeInt32BE(request.length - 4, 0);
  return request;
}
