// A guest of a room for k6: posts by the clock, and measures every message that is heard from the stamp that it carries.
import { sleep } from 'k6';
import { Trend } from 'k6/metrics';
import { WebSocket } from 'k6/websockets';

const { URL, CONNECTIONS, RAMP, LIFE, EVERY, REPORT } = __ENV;
const latency = new Trend('message_latency', true);

export const options = {
  scenarios: {
    guests: { executor: 'per-vu-iterations', vus: Number(CONNECTIONS), iterations: 1, maxDuration: `${Number(RAMP) + Number(LIFE) + 10}s` },
  },
  summaryTrendStats: ['med', 'p(99)', 'count'],
};

export default function () {
  sleep((RAMP * (__VU - 1)) / CONNECTIONS);
  const socket = new WebSocket(URL);
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', v: 1, role: 'guest', speed: 1, run: 1 }));
  socket.onmessage = (event) => {
    const frame = JSON.parse(event.data);
    if (frame.type === 'welcome') {
      socket.send(JSON.stringify({ type: 'enter', room: '*' }));
    } else if (frame.type === 'entered') {
      talk(socket);
    } else if (frame.type === 'posted') {
      latency.add(Date.now() - Number(frame.text.split(' ')[1]) / 1000);
    }
  };
}

function talk(socket) {
  const entered = Date.now();
  let posts = 0;
  const pace = setInterval(() => {
    posts += 1;
    const due = entered + posts * EVERY * 1000;
    const text = `${due * 1000} ${Date.now() * 1000} ${__VU} `.padEnd(99, 'x');
    socket.send(JSON.stringify({ type: 'post', text }));
  }, EVERY * 1000);
  setTimeout(() => {
    clearInterval(pace);
    socket.close();
  }, LIFE * 1000);
}

export function handleSummary(data) {
  return { [REPORT]: JSON.stringify(data.metrics.message_latency.values) };
}
