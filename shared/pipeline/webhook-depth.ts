/**
 * Webhooks that lead to webhooks: two installations, or a journey and a server that starts it again, could call each other for
 * ever. Each of ours carries how many led to it; whoever answers one by starting a journey hands the header on.
 */

/** Lower-cased. */
export const depthHeader = 'relance-depth';

/** Of the event that a start becomes. */
export const depthProperty = 'relance_depth';

/** Beyond it none is sent. */
export const deepestWebhook = 5;
