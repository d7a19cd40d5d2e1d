// `/openapi.json` and `/docs` at the origin; the edge serves the same as files.
import type { FastifyInstance } from 'fastify';
import { openApiDocument } from './document.ts';
import { apiPage, apiStyle } from './page.ts';

export function registerOpenApiRoutes(
  app: FastifyInstance,
  { version }: { version: string },
): void {
  const document = Buffer.from(JSON.stringify(openApiDocument(version)));
  const files = [
    { path: '/openapi.json', type: 'application/json', body: document },
    { path: '/docs', type: 'text/html; charset=utf-8', body: Buffer.from(apiPage(version)) },
    { path: '/docs.css', type: 'text/css; charset=utf-8', body: Buffer.from(apiStyle) },
  ];
  for (const { path, type, body } of files) {
    app.get(path, { config: { isPublic: true } }, async (_request, reply) =>
      reply
        .header('content-type', type)
        .header('cache-control', 'public, max-age=300')
        .header(
          'content-security-policy',
          "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        )
        .header('x-content-type-options', 'nosniff')
        .send(body),
    );
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered to anybody, without a signature or a token. */
    readonly isPublic?: boolean;
  }
}
