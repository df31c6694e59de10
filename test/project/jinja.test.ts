import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WandError } from '../../src/problem/wand-error.ts';
import { renderTemplate, type TemplateOptions } from '../../src/project/jinja.ts';

type Recorded = {
  scope: Record<string, unknown>;
  when: string;
  rows: { template: string; text?: string; error?: string }[];
};

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'jinja-texts.json'), 'utf8')) as Recorded;
// JSON.parse would lose its digits.
const scope = { ...recorded.scope, big: 12345678901234567890n, when: { $datetime: recorded.when } };

const errorOf = (text: string, options: TemplateOptions = {}): WandError => {
  try {
    renderTemplate(text, options);
  } catch (error) {
    return error as WandError;
  }
  throw new Error('no error');
};

describe('templates', () => {
  it.each(recorded.rows)('render as in Jinja: $template', ({ template, text, error }) => {
    if (error === undefined) expect(renderTemplate(template, { scope })).toBe(text);
    else expect(errorOf(template, { scope, file: 'x.sql' })).toMatchObject({ code: 'invalid-template', file: 'x.sql' });
  });

  it('know the functions of Mage: env_var with and without default, json_value, mage_secret_var', () => {
    const environment = { HOST: 'db' };
    expect(renderTemplate("{{ env_var('HOST') }}", { environment })).toBe('db');
    expect(renderTemplate("{{ env_var('NONE') }}", { environment })).toBe('None');
    expect(renderTemplate("{{ env_var('NONE', 'x') }}", { environment })).toBe('x');
    expect(renderTemplate("{{ env_var('NONE', default='x') }}", { environment })).toBe('x');
    expect(renderTemplate("{{ env_var('constructor') }}", { environment })).toBe('None');
    expect(renderTemplate(`{{ json_value('{"a": 1}', 'a') }}`, { environment })).toBe('1');
    expect(renderTemplate("{{ mage_secret_var('x') }}", { environment })).toBe('None');
    expect(errorOf("{{ aws_secret_var('x') }}")).toMatchObject({ code: 'secret-vault', exitCode: 2 });
  });
});

describe('undefined names', () => {
  const uses = (text: string, names: Record<string, unknown> = {}) => {
    const found: unknown[] = [];
    renderTemplate(text, { scope: names, onUndefined: (use) => found.push(use) });
    return found;
  };

  it('are reported with every line, but not where the template asks about them', () => {
    expect(uses('select {{ a }}\nfrom {{ b }}\nwhere {{ a }}', { b: 1 })).toEqual([
      { name: 'a', line: 1 },
      { name: 'a', line: 3 },
    ]);
    expect(uses("{{ a | default('x') }}{% if b is defined %}{{ b }}{% endif %}")).toEqual([]);
    expect(uses('{{ d.gone }}', { d: {} })).toEqual([{ name: 'gone', line: 1 }]);
  });

  it('are errors with file and line when strict', () => {
    expect(errorOf('a\n{{ typo }}', { strict: true, file: 'x.sql' })).toMatchObject({
      code: 'undefined-name',
      file: 'x.sql',
      line: 2,
    });
  });

  it('name the line of an attribute of nothing', () => {
    expect(errorOf('a\n\n{{ nothing.attribute }}', { file: 'x.sql' })).toMatchObject({
      code: 'invalid-template',
      line: 3,
    });
  });
});

describe('a template', () => {
  it.each([
    ['{{ "".constructor.constructor("return process")() }}'],
    ['{{ range.constructor("return process")() }}'],
    ['{{ [].constructor }}{{ {}.constructor.constructor("return 1")() }}'],
    ['{{ constructor.constructor("return 1")() }}'],
    ['{{ l.map.constructor("return 1")() }}'],
    ['{% include "/etc/passwd" %}'],
    ['{% import "/etc/passwd" as x %}'],
  ])('never reaches the program or files: %s', (text) => {
    let rendered: string | null = null;
    try {
      rendered = renderTemplate(text, { scope: { l: [] } });
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-template' });
    }
    expect(rendered).toBe(null);
  });

  it.each([
    ['{{ a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b }}'],
    ['{% set a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b = 1 %}'],
    ['{{ \'x\' | upper"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b }}'],
    ['{% for a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b in [1] %}{% endfor %}'],
    ['{% macro m(a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b) %}{% endmacro %}{{ m(1) }}'],
    ['{% block a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b %}{% endblock %}'],
    ['{{ env_var(a"&Function`globalThis\\x2ewandWasHere\\x3d1```&"b=1) }}'],
  ])('cannot smuggle code into what is compiled from it: %s', (text) => {
    expect(errorOf(`\n${text}`)).toMatchObject({ code: 'invalid-template', line: 2 });
    expect(globalThis).not.toHaveProperty('wandWasHere');
  });

  it('says in which line its syntax is wrong', () => {
    expect(errorOf('a\nb\n{% if %}', { file: 'x' })).toMatchObject({ line: 3 });
  });
});
