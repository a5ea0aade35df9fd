/** How AWS refused a call. */
export interface Refusal {
  /** The error code: `NoSuchHostedZone`. */
  readonly name: string;
  readonly status: number | undefined;
  readonly message: string;
}

const UNREFUSED = 'expected a refusal, got an answer';

/** How `refusalOf` fails on an answer, as a deviation sees it. */
export const ANSWERED = new RegExp(`^Error: ${UNREFUSED}$`);

/** The refusal that a call of an AWS SDK must end with; throws when it is answered, or when nothing answers. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (thrown) {
    const { name, message, $metadata } = thrown as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata === undefined) throw thrown;
    return { name, status: $metadata.httpStatusCode, message };
  }
  throw new Error(UNREFUSED);
}
