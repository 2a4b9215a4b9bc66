/** Parked items of the owner's table. */
import { AwsParking } from '../../shared/adapters/aws/parking.ts';
import type { Account } from '../account.ts';
import type { World } from '../world.ts';

export const parkingOf = ({ clients, names }: Pick<Account, 'clients' | 'names'>, { clock }: Pick<World, 'clock'>): AwsParking =>
  new AwsParking({ dynamo: clients.dynamo, table: names.table, clock });
