// The document for people: one page without scripts or styles from elsewhere.
import { PROBLEMS } from '../../shared/problem-table.ts';
import { jsonSchema, OPERATIONS, slugsByStatus } from './document.ts';
import type { Operation } from './operation.ts';

const STYLE = `html{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:auto;padding:1rem;
background:light-dark(#fff,#121212);color:light-dark(#111,#eee)}a{color:light-dark(#0645ad,#9cc4ff)}
code,pre{font:.9em ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid}
h3 code{overflow-wrap:anywhere}td,th{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0}`;

const WHO: Readonly<Record<Operation['who'], string>> = {
  anybody: 'Anybody.',
  buyer: 'Bearer token of a buyer.',
  admin: 'Bearer token with the role admin.',
  gateway: 'The payment gateway, by its signature.',
};

export function apiPage(version: string): string {
  const tags = [...new Set(OPERATIONS.map(({ tag }) => tag))];
  const links = OPERATIONS.map(
    ({ id, method, path }) =>
      `<li><a href="#${id}"><code>${method.toUpperCase()} ${escaped(path)}</code></a></li>`,
  );
  const sections = tags.map((tag) => {
    const operations = OPERATIONS.filter((operation) => operation.tag === tag);
    return `<section><h2>${tag}</h2>${operations.map(sectionOf).join('')}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>API of the flash-sale gateway</title>
<link rel="stylesheet" href="/docs.css"></head><body><header><h1>API of the flash-sale gateway</h1>
<p>Version ${escaped(version)}; for machines: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).
Errors are RFC 9457 problem documents.</p></header>
<nav aria-label="Calls"><ul>${links.join('')}</ul></nav>
<main>${sections.join('')}<section><h2>Problems</h2>${problems()}</section></main></body></html>`;
}

export const apiStyle = STYLE;

function sectionOf(operation: Operation): string {
  const { id, method, path, summary, who, body, answers } = operation;
  const given = Object.entries(answers).map(
    ([status, { about }]) => `<li>${status} ${escaped(about)}</li>`,
  );
  const refused = [...slugsByStatus(operation)]
    .sort(([a], [b]) => a - b)
    .map(
      ([status, slugs]) =>
        `<li>${status} ${slugs.map((slug) => `<code>${slug}</code>`).join(', ')}</li>`,
    );
  const schema = body === undefined ? undefined : JSON.stringify(jsonSchema(body), null, 2);
  return `<article aria-labelledby="${id}"><h3 id="${id}"><code>${method.toUpperCase()} ${escaped(path)}</code></h3>
<p>${escaped(summary)} ${WHO[who]}</p>${schema === undefined ? '' : `<details><summary>Body of ${id}</summary><pre tabindex="0">${escaped(schema)}</pre></details>`}
<ul>${[...given, ...refused].join('')}</ul></article>`;
}

function problems(): string {
  const rows = [...PROBLEMS.values()].map(
    ({ slug, status, title }) =>
      `<tr><td>${status}</td><td><code>${slug}</code></td><td>${escaped(title)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Status</th><th scope="col">Slug</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
