import type { BlockContext } from '../../model/block-task.ts';
import type { ConnectionConfig } from '../../model/connection-config.ts';
import { WandError } from '../../problem/wand-error.ts';

/**
 * The database of a SQL block, by `data_provider` and `data_provider_profile` (mage-format.md 4.1); Jinja in the profile's name
 * is rendered, and the task then carries the name. Throws for any provider but postgres: Mage silently does nothing for a wrong one.
 */
export const connectionOf = async (context: BlockContext): Promise<ConnectionConfig> => {
  const { configuration, blockUuid } = context.task;
  const { data_provider: provider } = configuration;
  if (provider !== 'postgres') {
    throw new WandError(
      'unsupported-provider',
      `block ${blockUuid} asks for data_provider ${JSON.stringify(provider ?? null)}; wand runs SQL in postgres`,
      {
        fix: 'Set data_provider: postgres, or reach that database from a Python block.',
      },
    );
  }
  const profile = await profileOf(context);
  // The rest of the run knows the profile by the name that Jinja made.
  context.task.configuration = { ...configuration, data_provider_profile: profile };
  return context.connection(profile);
};

const profileOf = async ({ task, environment }: BlockContext): Promise<string> => {
  const profile = task.configuration.data_provider_profile;
  if (typeof profile !== 'string' || profile === '') {
    throw new WandError('profile-missing', `block ${task.blockUuid} names no data_provider_profile`, {
      fix: 'Set data_provider_profile in its configuration to a profile of io_config.yaml, such as default.',
    });
  }
  if (!profile.includes('{{')) return profile;
  const { renderTemplate } = await import('../../project/jinja.ts');
  return renderTemplate(profile, { scope: task.variables, environment, strict: true, file: task.file });
};
