import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A guest of a room for Gatling: posts by `pace`, and waits for its own message by a check, which is what Gatling measures. */
public class Room extends Simulation {
  private static final Duration EVERY = Duration.ofMillis((long) (1000 * Double.parseDouble(System.getenv("EVERY"))));
  private static final Duration LIFE = Duration.ofSeconds(Long.parseLong(System.getenv("LIFE")));
  private static final Duration RAMP = Duration.ofSeconds(Long.parseLong(System.getenv("RAMP")));
  private static final int CONNECTIONS = Integer.parseInt(System.getenv("CONNECTIONS"));

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static Session write(Session session) {
    int posts = session.getInt("posts") + 1;
    Instant due = Instant.ofEpochMilli(session.getLong("entered")).plus(EVERY.multipliedBy(posts));
    String head = micros(due) + " " + micros(Instant.now()) + " " + session.userId() + " ";
    return session.set("posts", posts).set("text", head + "x".repeat(99 - head.length()));
  }

  private final ChainBuilder enter =
      exec(
          ws("connect").connect("/"),
          ws("hello")
              .sendText("{\"type\":\"hello\",\"v\":1,\"role\":\"guest\",\"speed\":1,\"run\":1}")
              .await(10)
              .on(ws.checkTextMessage("welcome").matching(jsonPath("$.type").is("welcome"))),
          ws("enter")
              .sendText("{\"type\":\"enter\",\"room\":\"*\"}")
              .await(10)
              .on(ws.checkTextMessage("entered").matching(jsonPath("$.type").is("entered"))),
          exec(session -> session.set("posts", 0).set("entered", System.currentTimeMillis())));

  private final ChainBuilder talk =
      during(LIFE)
          .on(
              pace(EVERY),
              exec(Room::write),
              ws("post")
                  .sendText("{\"type\":\"post\",\"text\":\"#{text}\"}")
                  .await(30)
                  .on(ws.checkTextMessage("heard").matching(substring("#{text}"))));

  private final ScenarioBuilder guests =
      scenario("guests").exec(enter).pause(EVERY).exec(talk).exec(ws("close").close());

  {
    setUp(guests.injectOpen(rampUsers(CONNECTIONS).during(RAMP)))
        .protocols(http.wsBaseUrl(System.getenv("URL")));
  }
}
