import { describe, expect, it } from 'vitest';
import type { RenderedSql } from '../../../src/blocks/sql/line-marks.ts';
import { renderSql, type SqlTemplate } from '../../../src/blocks/sql/render-sql.ts';

const render = async (
  template: string,
  given: Partial<SqlTemplate> = {},
): Promise<RenderedSql & { warnings: string[] }> => {
  const warnings: string[] = [];
  const rendered = await renderSql({
    file: 'blocks/x.sql',
    template,
    variables: {
      greeting: 'hello',
      nested: '{{ greeting }}',
      env: 'prod',
      empty: null,
      execution_date: { $datetime: '2024-01-01T00:00:00+00:00' },
      many: 'a\nb\nc',
    },
    environment: { REGION: 'north' },
    reference: (number) => (number === 1 ? '"public"."up_v1"' : null),
    blockOutput: async (source) => `<${source}>`,
    warn: ({ rule, line, text }) => warnings.push(`${rule} ${line} ${text}`),
    ...given,
  });
  return { ...rendered, warnings };
};

/** The template's line of a piece of the rendered text. */
const lineOf = ({ text, templateLine }: RenderedSql, piece: string): number => templateLine(text.indexOf(piece));

describe('renderSql', () => {
  it.each([
    ["SELECT '{{ greeting }}', '{{ env_var('REGION') }}', '{{ env }}'", "SELECT 'hello', 'north', 'prod'"],
    ["'{{ execution_date }}'", "'2024-01-01 00:00:00+00:00'"],
    ["'{{ execution_date.strftime('%Y%m%d') }}'", "'20240101'"],
    ["'{{ variables('greeting') }}' '{{ variables('nope') }}'", "'hello' 'None'"],
    ["'[{{ env_var('NO_SUCH') }}]' {{ empty }}", "'[None]' None"],
    [
      'SELECT {% for n in [1, 2, 3] %}{{ n }} AS c{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}',
      'SELECT 1 AS c1, 2 AS c2, 3 AS c3',
    ],
    ["'{{ nested }}'", "'hello'"],
    ['SELECT * FROM {{ df_1 }} a, {{df_1}} b', 'SELECT * FROM "public"."up_v1" a, "public"."up_v1" b'],
    ['{% raw %}{{ x }}{% endraw %}', ''],
    ["x {{ block_output('n', parse=lambda d, v: d['low']) }}", "x <block_output('n', parse=lambda d, v: d['low'])>"],
    ["SELECT '{' || '}' -- {no}", "SELECT '{' || '}' -- {no}"],
  ])('renders %s', async (template, expected) => {
    expect((await render(template)).text).toBe(expected);
  });

  it('renders undefined names as nothing and warns with name, line and a near name', async () => {
    const { text, warnings } = await render("SELECT 1\nWHERE d > '{{ exection_date }}'");
    expect(text).toBe("SELECT 1\nWHERE d > ''");
    expect(warnings).toEqual([
      'undefined-name 2 exection_date is not defined and renders as nothing; did you mean execution_date?',
    ]);
  });

  it('warns of df_N without an upstream block, and renders nothing there', async () => {
    const { text, warnings } = await render('SELECT *\nFROM fruit {{ df_7 }}');
    expect(text).toBe('SELECT *\nFROM fruit ');
    expect(warnings).toEqual(['df-out-of-range 2 {{ df_7 }} names no upstream block and renders as nothing']);
  });

  it('does not warn of names that are asked for with `is defined` or `default`', async () => {
    expect((await render("{% if x is defined %}1{% else %}2{% endif %}{{ x | default('3') }}")).warnings).toEqual([]);
  });

  it('fails with the line for an attribute of an undefined name', async () => {
    await expect(render("SELECT 1,\n'{{ no_such.attribute }}'")).rejects.toMatchObject({
      file: 'blocks/x.sql',
      line: 2,
    });
  });

  it('fails with the line for wrong Jinja', async () => {
    await expect(render('SELECT 1\n\n{% if %}')).rejects.toMatchObject({ file: 'blocks/x.sql', line: 3 });
  });

  it('leads back to the template where the rendering changed the number of lines', async () => {
    const rendered = await render(
      '{% if env == "prod" %}\nSELECT one\n{% else %}\nSELECT\nother\n{% endif %}\nFROM {{ many }}, here\n{% for n in [1, 2] %}\nUNION x{{ n }}\n{% endfor %}\nlast',
    );
    expect(lineOf(rendered, 'one')).toBe(2);
    expect(lineOf(rendered, 'FROM')).toBe(7);
    expect(lineOf(rendered, 'here')).toBe(7);
    expect(lineOf(rendered, 'x2')).toBe(9);
    expect(lineOf(rendered, 'last')).toBe(11);
  });

  it('leaves blanks that Jinja trims as they would be', async () => {
    const rendered = await render('SELECT {% if true -%}\n   1\n{%- endif %}\n{{- " AS a" }}\n, 2');
    expect(rendered.text).toBe('SELECT 1 AS a\n, 2');
    expect(lineOf(rendered, '2')).toBe(5);
  });

  it('puts no marks into text that becomes a value', async () => {
    expect((await render('{% set x %}abc{% endset %}{{ x | length }}')).text).toBe('3');
  });
});
