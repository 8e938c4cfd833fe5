-- What is known of a candle's number of trades beside the number itself.
--
-- The series grows twentyfold over the years, so plain volumes fitted on the
-- past predict the present badly. What lasts is the rate: trades for a unit of
-- volume, and for a unit of range, over the six candles before. The candle's
-- own volume and range, at those rates, are features of the target's size.
--
-- Keeps to the SQL that means the same in SQLite and GoogleSQL.
SELECT
  open_time,
  num_of_trades,
  num_of_trades_lag_1,
  num_of_trades_lag_2,
  volume,
  price_range,
  taker_share,
  quote_volume * past_trades / NULLIF(past_quote_volume, 0) AS trades_by_volume,
  price_range * past_trades / NULLIF(past_range, 0) AS trades_by_range,
  taker_quote_volume * past_trades / NULLIF(past_quote_volume, 0)
    AS trades_by_taker_volume
FROM (
  SELECT
    open_time,
    num_of_trades,
    volume,
    quote_volume,
    taker_quote_volume,
    price_range,
    taker_volume / NULLIF(volume, 0) AS taker_share,
    LAG(num_of_trades, 1) OVER (ORDER BY open_time) AS num_of_trades_lag_1,
    LAG(num_of_trades, 2) OVER (ORDER BY open_time) AS num_of_trades_lag_2,
    SUM(num_of_trades) OVER past AS past_trades,
    SUM(quote_volume) OVER past AS past_quote_volume,
    SUM(price_range) OVER past AS past_range,
    ROW_NUMBER() OVER (ORDER BY open_time) AS row_number
  FROM (
    SELECT
      open_time,
      num_of_trades,
      CAST(volume AS FLOAT64) AS volume,
      CAST(quote_asset_volume AS FLOAT64) AS quote_volume,
      CAST(taker_buy_base_asset_volume AS FLOAT64) AS taker_volume,
      CAST(taker_buy_quote_asset_volume AS FLOAT64) AS taker_quote_volume,
      CAST(high AS FLOAT64) - CAST(low AS FLOAT64) AS price_range
    FROM production.klines
    WHERE symbol = @symbol AND `interval` = @step
  )
  WINDOW past AS (ORDER BY open_time ROWS BETWEEN 6 PRECEDING AND 1 PRECEDING)
)
WHERE row_number > 6
  AND open_time >= TIMESTAMP(@since)
  AND open_time < TIMESTAMP(@until)
ORDER BY open_time
