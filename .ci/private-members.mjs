/** A plugin for the linter: a private member is written `#name`, which is private at run time, too. */
export default {
  meta: { name: 'private-members' },
  rules: {
    'by-hash': {
      create: (context) => ({
        '[accessibility="private"]': (node) =>
          context.report({ node, message: 'Private members are written #name.' }),
      }),
    },
  },
};
