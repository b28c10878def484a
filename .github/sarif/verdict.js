// Reads the validator's own SARIF and says whether the file that it validated is without fault: verdict.js FILE LOG
const fs = require('node:fs');

const [file, log] = process.argv.slice(2);
const { runs } = JSON.parse(fs.readFileSync(log, 'utf8').replace(/^\uFEFF/, ''));
if (runs.length === 0) throw new Error(`${log} holds no run`);

const faults = [];
for (const run of runs) {
  const rules = new Map((run.tool.driver.rules ?? []).map((rule) => [rule.id, rule]));
  const add = (level, id, text, place) => {
    if (level === 'error' || level === 'warning') faults.push(`${level} ${id}${place}: ${text}`);
  };
  for (const result of run.results ?? []) {
    const id = result.ruleId ?? result.rule?.id;
    const template = rules.get(id?.split('/')[0])?.messageStrings?.[result.message.id]?.text;
    const text = result.message.text ?? (template ?? '').replace(/{(\d+)}/g, (_, n) => result.message.arguments?.[n]);
    const region = result.locations?.[0]?.physicalLocation?.region;
    add(result.level ?? 'warning', id, text, region?.startLine ? ` line ${region.startLine}` : '');
  }
  for (const invocation of run.invocations ?? []) {
    const notifications = [
      ...(invocation.toolExecutionNotifications ?? []),
      ...(invocation.toolConfigurationNotifications ?? []),
    ];
    for (const n of notifications) add(n.level ?? 'warning', n.descriptor?.id ?? 'notification', n.message.text, '');
    if (invocation.executionSuccessful === false && faults.length === 0) faults.push('error: the validator did not finish');
  }
}

for (const fault of faults) console.error(`${file}: ${fault}`);
console.log(`${file}: ${faults.length === 0 ? 'valid' : `${faults.length} errors and warnings`}`);
process.exitCode = faults.length === 0 ? 0 : 1;
