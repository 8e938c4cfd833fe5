-- What a batch in staging.raw is in production: one row an open time, the
-- candle with more trades, since a partial one has fewer than the final one.
-- With @duplicates true it is the others.
--
-- Keeps to the SQL that means the same in SQLite and GoogleSQL.
SELECT
  @symbol AS symbol,
  @step AS `interval`,
  TIMESTAMP_MILLIS(open_time) AS open_time,
  open,
  high,
  low,
  close,
  volume,
  TIMESTAMP_MILLIS(close_time) AS close_time,
  quote_asset_volume,
  num_of_trades,
  taker_buy_base_asset_volume,
  taker_buy_quote_asset_volume,
  created_at,
  TIMESTAMP(@updated_at) AS updated_at
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY open_time ORDER BY num_of_trades DESC) AS place
  FROM staging.raw
  WHERE created_at = TIMESTAMP(@created_at)
)
WHERE (place > 1) = @duplicates
