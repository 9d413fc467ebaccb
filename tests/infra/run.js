// Calls the function of infra/stack.yaml once, as Lambda would. On standard input: its directory, the event, and what SNS
// answers. What it writes is left to go to standard output; what became of it goes into report.json in its directory.

const fs = require("node:fs");
const path = require("node:path");

const { directory, event, answers } = JSON.parse(fs.readFileSync(0, "utf8"));
globalThis.sns = { answers, requests: [] };
// In Lambda it puts words or an envelope around a line, which nothing here would show.
globalThis.console = undefined;

require(path.join(directory, "index.js"))
  .handler(event, { awsRequestId: "request-1" })
  .then((answer) => ({ answer }), (error) => ({ thrown: error.message }))
  .then((outcome) => {
    const report = { ...outcome, requests: globalThis.sns.requests };
    fs.writeFileSync(path.join(directory, "report.json"), JSON.stringify(report));
  });
