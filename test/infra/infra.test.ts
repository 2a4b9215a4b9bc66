/**
 * What is synthesised for AWS: one run of CDK, looked at from every side. Each side is a file of its own beside this one;
 * they share the run, because it takes seconds.
 */
import { alarmTests } from './alarms.ts';
import { bundleTests } from './bundle-weights.ts';
import { grantTests } from './grants.ts';
import { mailTests } from './mail.ts';
import { queueTests } from './queues.ts';
import { synthTests } from './synth.ts';
import { tableTests } from './table.ts';
import { wiringTests } from './wiring.ts';

tableTests();
queueTests();
wiringTests();
grantTests();
mailTests();
alarmTests();
bundleTests();
synthTests();
