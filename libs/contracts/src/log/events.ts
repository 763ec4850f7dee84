/** In `buildlog-<build_id>`. The newest event alone tells the state of the log, so nobody has to read it all. */
export type BuildLogEvent =
  | {
      readonly type: 'LogAppended';
      readonly data: {
        readonly buildId: string;
        readonly attempt: number;
        /** Number of the chunk's first line in the build's log, from 1. */
        readonly firstLine: number;
        /** Lines in the chunk. */
        readonly lines: number;
        /** Lines of this attempt up to and with this chunk. */
        readonly attemptLines: number;
        /** Bytes of the chunks of all attempts up to and with this one. Absent: recorded before they were counted. */
        readonly totalBytes?: number | undefined;
        /** Earliest and latest line of the chunk, Unix ms. */
        readonly firstTime: number;
        readonly lastTime: number;
        /** What `encodeLogChunk` made. */
        readonly chunk: Uint8Array;
      };
    }
  | {
      /** From here on only lines of this attempt are accepted. */
      readonly type: 'LogFenced';
      readonly data: {
        readonly buildId: string;
        readonly attempt: number;
        readonly totalLines: number;
        readonly totalBytes?: number | undefined;
      };
    };
