/** All that People promises, as one suite for whoever claims to be it. */
import { claimsContract } from './people-claims.contract.ts';
import { commitContract } from './people-commit.contract.ts';
import { feedbackContract } from './people-feedback.contract.ts';
import type { PeopleFactory } from './people-fixtures.ts';
import { historyContract } from './people-history.contract.ts';
import { journeysContract } from './people-journeys.contract.ts';
import { mergeContract } from './people-merge.contract.ts';
import { sweepsContract } from './people-sweeps.contract.ts';

export function peopleContract(newStore: PeopleFactory): void {
  claimsContract(newStore);
  commitContract(newStore);
  journeysContract(newStore);
  historyContract(newStore);
  mergeContract(newStore);
  feedbackContract(newStore);
  sweepsContract(newStore);
}
