-- What production has of a series, in the words of an extract.
SELECT
  UNIX_MILLIS(open_time) AS open_time,
  open,
  high,
  low,
  close,
  volume,
  UNIX_MILLIS(close_time) AS close_time,
  quote_asset_volume,
  num_of_trades,
  taker_buy_base_asset_volume,
  taker_buy_quote_asset_volume
FROM production.klines
WHERE symbol = @symbol AND `interval` = @step
  AND open_time >= TIMESTAMP_MILLIS(CAST(@oldest AS INT64))
