/** Lines drawn by ECharts; the table below says the same to whoever cannot see them. */
import { LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as take, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../settings';
import { number } from '../text';
import type { Line } from './compute';

take([LineChart, GridComponent, LegendComponent, TooltipComponent, DataZoomComponent, CanvasRenderer]);

/** Told apart by everybody, in both themes: after Okabe and Ito. */
const COLOURS = { light: ['#0072b2', '#d55e00', '#009e73', '#aa4499', '#b8860b', '#56b4e9', '#555555', '#882255'], dark: ['#56b4e9', '#f0a04b', '#3ec9a0', '#e09ad0', '#f0e442', '#8ab6e0', '#bbbbbb', '#e07a9a'] };

export function Chart({ all, periods, names, unit, what }: { all: Line[]; periods: string[]; names: (line: Line) => string; unit: string; what: string }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  useEffect(() => {
    if (!place.current) return;
    const made = init(place.current);
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const dark = theme.value === 'dark';
    const [ink, rule] = dark ? ['#b4bcc6', '#2f3842'] : ['#596473', '#dde1e6'];
    chart.current?.setOption(
      {
        color: COLOURS[theme.value],
        animation: false,
        textStyle: { fontFamily: getComputedStyle(document.documentElement).fontFamily, fontSize: 12 },
        grid: { left: 12, right: 18, top: all.length > 1 ? 54 : 30, bottom: 44, containLabel: true },
        legend: { show: all.length > 1, type: 'scroll', top: 0, textStyle: { color: ink }, pageTextStyle: { color: ink } },
        // Drawn, not written as HTML: the page's policy allows no styles in markup.
        tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, valueFormatter: (value: unknown) => (typeof value === 'number' ? number(value) : '–') },
        xAxis: { type: 'category', data: periods, boundaryGap: false, axisLabel: { color: ink }, axisLine: { lineStyle: { color: rule } } },
        yAxis: { type: 'value', scale: true, name: unit, nameTextStyle: { color: ink, align: 'left' }, axisLabel: { color: ink, formatter: (value: number) => number(value) }, splitLine: { lineStyle: { color: rule } } },
        dataZoom: [{ type: 'inside' }, { type: 'slider', height: 16, bottom: 8, borderColor: rule, textStyle: { color: ink }, brushSelect: false }],
        series: all.map((line) => ({ type: 'line', name: names(line), data: periods.map((period) => line.points.get(period) ?? null), showSymbol: periods.length < 40, symbolSize: 5, connectNulls: false })),
      },
      { notMerge: true },
    );
  });
  return <div class="chart" ref={place} role="img" aria-label={what} />;
}
