/** Names carry through: `process-events` in the topology is `ProcessEvents` in CloudFormation. */
export const constructId = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
