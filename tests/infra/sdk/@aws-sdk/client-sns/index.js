// Stands in for the SDK of SNS: it keeps what it is asked for, and answers what the test says.

class Command {
  constructor(input) {
    this.input = input;
  }
}

class SNSClient {
  async send(command, options) {
    const { answers, requests } = globalThis.sns;
    const patient = options?.abortSignal instanceof AbortSignal;
    requests.push({ command: command.constructor.name, input: command.input, patient });
    const { error, ...answer } = answers.shift() ?? {};
    if (error) throw Object.assign(new Error(error.message), { name: error.name });
    return answer;
  }
}

exports.SNSClient = SNSClient;
exports.PublishCommand = class PublishCommand extends Command {};
exports.GetTopicAttributesCommand = class GetTopicAttributesCommand extends Command {};
